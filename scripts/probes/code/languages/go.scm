(function_declaration name: (_) @name parameters: (_) @parameters result: (_)? @result) @function
(method_declaration receiver: (parameter_list (parameter_declaration name: (_)? @self type: (_) @owner)) name: (_) @name parameters: (_) @parameters result: (_)? @result) @function
(type_spec name: (_) @name type: (struct_type)) @class
(type_spec name: (_) @name type: (interface_type)) @class
(field_declaration name: (_) @name type: (_) @type) @typed
(parameter_declaration name: (_) @name type: (_) @type) @typed
(var_spec name: (_) @name type: (_) @type) @typed
(import_spec) @import
(call_expression function: (_) @callee arguments: (_) @arguments) @call
(composite_literal type: [(type_identifier) (qualified_type)] @callee body: (_) @arguments) @new
(for_statement (range_clause left: (_)? @variable right: (_) @over)) @each
(for_statement (for_clause condition: (_)? @over)) @counted
(for_statement . (block)) @while
(for_statement . (call_expression) @condition) @while
(for_statement . (binary_expression) @condition) @while
(for_statement . (identifier) @condition) @while
(for_statement . (unary_expression) @condition) @while
(func_literal parameters: (_) @parameters) @lambda
(short_var_declaration left: (_) @left right: (_) @right) @assign
(assignment_statement left: (_) @left right: (_) @right) @assign
(var_spec name: (_) @left value: (_) @right) @assign
(receive_statement left: (_) @left right: (_) @right) @assign
(defer_statement) @finally
(go_statement) @spawn
(return_statement) @return
(interpreted_string_literal) @string
(raw_string_literal) @string
(send_statement channel: (_) @callee value: (_) @arguments) @put
(communication_case communication: (_) @select)
(if_statement condition: (_) @condition) @if
(if_statement consequence: (block (statement_list (break_statement) @break)))
(type_spec type: (struct_type (field_declaration_list (field_declaration name: (_) @name) @field)))
(for_statement . [(for_clause) (block)] body: (block (statement_list (if_statement condition: (binary_expression operator: "!=" right: (nil)) consequence: (block (statement_list (continue_statement)))) @catch)))
