; What is captured means the same in every language; docs/code.md has the list.
(function_definition name: (identifier) @name parameters: (_) @parameters return_type: (_)? @result) @function
(class_definition name: (identifier) @name superclasses: (_)? @bases) @class
(decorator) @decorator
(import_statement) @import
(import_from_statement) @import
(call function: (_) @callee arguments: (_) @arguments) @call
(for_statement left: (_) @variable right: (_) @over) @each
(while_statement condition: (_) @condition) @while
(list_comprehension (for_in_clause left: (_) @variable right: (_) @over)) @each
(set_comprehension (for_in_clause left: (_) @variable right: (_) @over)) @each
(dictionary_comprehension (for_in_clause left: (_) @variable right: (_) @over)) @each
(generator_expression (for_in_clause left: (_) @variable right: (_) @over)) @each
(lambda parameters: (_)? @parameters) @lambda
(assignment left: (_) @left right: (_) @right) @assign
(augmented_assignment left: (subscript) @left right: (_) @right) @assign
(assignment left: (identifier) @name type: (_) @type) @typed
(typed_parameter (identifier) @name type: (_) @type) @typed
(typed_default_parameter name: (identifier) @name type: (_) @type) @typed
(await) @await
(with_item value: (_) @value) @with
(with_statement) @block
(finally_clause) @finally
(except_clause) @catch
(return_statement) @return
(yield) @return
(attribute) @read
(string) @string
(if_statement condition: (_) @condition) @if
(if_statement consequence: (block (break_statement) @break))
(as_pattern . (_) @right alias: (as_pattern_target (identifier) @left)) @assign
(raise_statement) @exit
(delete_statement (subscript value: (_) @callee)) @removed
