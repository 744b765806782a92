(function_definition name: (_) @name parameters: (_) @parameters return_type: (_)? @result) @function
(method_declaration name: (_) @name parameters: (_) @parameters return_type: (_)? @result) @function
(class_declaration name: (_) @name (base_clause)? @bases (class_interface_clause)? @interfaces) @class
(trait_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(attribute_list) @decorator
(namespace_use_declaration) @import
(member_call_expression name: (_) @callee arguments: (_) @arguments) @call
(nullsafe_member_call_expression name: (_) @callee arguments: (_) @arguments) @call
(scoped_call_expression name: (_) @callee arguments: (_) @arguments) @call
(function_call_expression function: (_) @callee arguments: (_) @arguments) @call
(object_creation_expression . (_) @callee (arguments)? @arguments) @new
(foreach_statement . (_) @over . (_) @variable) @each
(for_statement condition: (_)? @over) @counted
(while_statement condition: (_) @condition) @while
(do_statement condition: (_) @condition) @while
(anonymous_function parameters: (_) @parameters) @lambda
(arrow_function parameters: (_) @parameters) @lambda
(simple_parameter type: (_) @type name: (_) @name) @typed
(property_promotion_parameter type: (_) @type name: (_) @name) @typed
(property_declaration type: (_) @type (property_element (variable_name) @name)) @typed
(property_declaration (property_element (variable_name (name) @name))) @field
(assignment_expression left: (_) @left right: (_) @right) @assign
(finally_clause) @finally
(catch_clause) @catch
(return_statement) @return
(string) @string
(encapsed_string) @string
(heredoc) @string
(if_statement condition: (_) @condition) @if
(case_statement value: (_) @condition) @if
(if_statement body: (compound_statement (break_statement) @break))
(throw_expression) @exit
(member_access_expression) @read
(nullsafe_member_access_expression) @read
