(function_declaration name: (_) @name (function_value_parameters) @parameters . [(user_type) (nullable_type)]? @result) @function
(class_declaration name: (_) @name (delegation_specifiers)? @bases) @class
(object_declaration name: (_) @name) @class
(function_declaration (modifiers (annotation) @decorator))
(class_declaration (modifiers (annotation) @decorator))
(import) @import
(call_expression . [(identifier) (navigation_expression) (parenthesized_expression)] @callee (value_arguments)? @arguments) @call
(call_expression . (call_expression . [(identifier) (navigation_expression)] @callee (value_arguments) @arguments) (annotated_lambda)) @call
((navigation_expression (identifier) @callee) @call (#any-of? @callee "resource" "connection" "inputStream" "outputStream"))
(for_statement . (variable_declaration) @variable . (_) @over) @each
(while_statement condition: (_) @condition) @while
(do_while_statement condition: (_) @condition) @while
(lambda_literal (lambda_parameters)? @parameters) @lambda
(class_parameter (identifier) @name . (_) @type) @typed
(parameter (identifier) @name . (_) @type) @typed
(property_declaration (variable_declaration (identifier) @left) . "=" . (_) @right) @assign
(property_declaration (variable_declaration (identifier) @name (user_type) @type)) @typed
(finally_block) @finally
(catch_block) @catch
(return_expression) @return
(string_literal) @string
(multiline_string_literal) @string
(class_parameter (identifier) @name . (_)) @field
(class_body (property_declaration (variable_declaration (identifier) @name)) @field)
