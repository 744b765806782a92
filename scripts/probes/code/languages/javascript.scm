(function_declaration name: (_) @name parameters: (_) @parameters) @function
(generator_function_declaration name: (_) @name parameters: (_) @parameters) @function
(method_definition name: (_) @name parameters: (_) @parameters) @function
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)] @function)
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression)] @function)
(assignment_expression left: (member_expression property: (property_identifier) @name) right: [(arrow_function) (function_expression)] @function)
(arrow_function) @lambda
(function_expression) @lambda
(import_statement) @import
(call_expression function: (_) @callee arguments: (_) @arguments) @call
(new_expression constructor: (_) @callee arguments: (_)? @arguments) @new
(for_in_statement left: (_) @variable right: (_) @over) @each
(for_statement condition: (_) @over) @counted
(while_statement condition: (_) @condition) @while
(do_statement condition: (_) @condition) @while
(variable_declarator name: (_) @left value: (_) @right) @assign
(assignment_expression left: (_) @left right: (_) @right) @assign
(pair key: (property_identifier) @left value: (await_expression) @right) @assign
(await_expression) @await
(finally_clause) @finally
(catch_clause) @catch
(return_statement) @return
(string) @string
(template_string) @string
(class_declaration name: (_) @name (class_heritage)? @bases) @class
(field_definition property: (property_identifier) @name value: [(arrow_function) (function_expression)] @function)
(field_definition property: (_) @left value: (_) @right) @assign
(if_statement condition: (_) @condition) @if
(ternary_expression condition: (_) @condition) @if
(switch_case value: (_) @condition) @if
(if_statement consequence: (statement_block (break_statement) @break))
(regex) @pattern
(throw_statement) @exit
(unary_expression operator: "delete" argument: (subscript_expression object: (_) @callee)) @removed
((variable_declarator name: (identifier) @name value: (new_expression constructor: (_) @bases arguments: (arguments . (object)))) @class (#match? @bases "Schema$"))
((new_expression constructor: (_) @of arguments: (arguments . (object (pair key: (_) @name) @field))) (#match? @of "Schema$"))
((variable_declarator name: (identifier) @name value: (call_expression function: (member_expression property: (_) @bases) arguments: (arguments (string) . (object)))) @class (#eq? @bases "define"))
((call_expression function: (member_expression property: (_) @of) arguments: (arguments (string) . (object (pair key: (_) @name) @field))) (#eq? @of "define"))
((call_expression function: (member_expression object: (identifier) @name property: (_) @bases) arguments: (arguments . (object) . (object))) @class (#eq? @bases "init"))
((call_expression function: (member_expression property: (_) @of) arguments: (arguments . (object (pair key: (_) @name) @field) . (object))) (#eq? @of "init"))
((variable_declarator value: (call_expression function: (identifier) @of)) @import (#eq? @of "require"))
