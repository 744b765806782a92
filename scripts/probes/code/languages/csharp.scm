(method_declaration returns: (_) @result name: (_) @name parameters: (_) @parameters) @function
(constructor_declaration name: (_) @name parameters: (_) @parameters) @function
(local_function_statement name: (_) @name parameters: (_) @parameters) @function
(class_declaration name: (_) @name (base_list)? @bases) @class
(interface_declaration name: (_) @name (base_list)? @bases) @class
(record_declaration name: (_) @name (base_list)? @bases) @class
(attribute) @decorator
(using_directive) @import
(invocation_expression function: (_) @callee arguments: (_) @arguments) @call
(object_creation_expression type: (_) @callee arguments: (_)? @arguments) @new
(foreach_statement left: (_) @variable right: (_) @over) @each
(for_statement condition: (_)? @over) @counted
(while_statement condition: (_) @condition) @while
(do_statement condition: (_) @condition) @while
(lambda_expression parameters: (_) @parameters) @lambda
(variable_declaration type: (_) @type (variable_declarator name: (_) @name)) @typed
(parameter type: (_) @type name: (_) @name) @typed
(property_declaration type: (_) @type name: (_) @name) @typed
(variable_declarator name: (_) @left "=" . (_) @right) @assign
(assignment_expression left: (_) @left right: (_) @right) @assign
(await_expression) @await
(using_statement (variable_declaration (variable_declarator "=" . (_) @value))) @with
(local_declaration_statement "using" (variable_declaration (variable_declarator "=" . (_) @value))) @with
(lock_statement) @lock
(finally_clause) @finally
(catch_clause) @catch
(return_statement) @return
(string_literal) @string
(verbatim_string_literal) @string
(interpolated_string_expression) @string
(if_statement condition: (_) @condition) @if
(conditional_expression condition: (_) @condition) @if
(if_statement consequence: (block (break_statement) @break))
((member_access_expression name: (identifier) @callee) @call (#eq? @callee "Result"))
(using_statement (invocation_expression) @value) @with
(using_statement (identifier) @value) @with
(throw_statement) @exit
(property_declaration name: (_) @name) @field
(member_access_expression) @read
