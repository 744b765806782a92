(method_declaration type: (_) @result name: (_) @name parameters: (_) @parameters) @function
(constructor_declaration name: (_) @name parameters: (_) @parameters) @function
(class_declaration name: (_) @name superclass: (_)? @bases interfaces: (_)? @interfaces) @class
(interface_declaration name: (_) @name (extends_interfaces)? @bases) @class
(enum_declaration name: (_) @name) @class
(record_declaration name: (_) @name) @class
(method_declaration (modifiers [(annotation) (marker_annotation)] @decorator))
(class_declaration (modifiers [(annotation) (marker_annotation)] @decorator))
(interface_declaration (modifiers [(annotation) (marker_annotation)] @decorator))
(method_declaration (modifiers "synchronized" @decorator))
(import_declaration) @import
(method_invocation name: (_) @callee arguments: (_) @arguments) @call
(object_creation_expression type: (_) @callee arguments: (_) @arguments) @new
(enhanced_for_statement type: (_) @type name: (_) @variable @name value: (_) @over) @each @typed
(for_statement condition: (_) @over) @counted
(while_statement condition: (_) @condition) @while
(do_statement condition: (_) @condition) @while
(lambda_expression parameters: (_) @parameters) @lambda
(method_reference (_) @object . (identifier) @name) @send
(local_variable_declaration type: (_) @type declarator: (variable_declarator name: (_) @name)) @typed
(field_declaration type: (_) @type declarator: (variable_declarator name: (_) @name)) @typed
(formal_parameter type: (_) @type name: (_) @name) @typed
(resource type: (_) @type name: (_) @name) @typed
(variable_declarator name: (_) @left value: (_) @right) @assign
(assignment_expression left: (_) @left right: (_) @right) @assign
(resource value: (_) @value) @with
(try_with_resources_statement) @block
(synchronized_statement) @lock
(finally_clause) @finally
(catch_clause) @catch
(return_statement) @return
(string_literal) @string
(if_statement condition: (_) @condition) @if
(ternary_expression condition: (_) @condition) @if
(if_statement consequence: (block (break_statement) @break))
(throw_statement) @exit
(field_declaration declarator: (variable_declarator name: (_) @name)) @field
