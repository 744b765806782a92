(method name: (_) @name parameters: (_)? @parameters) @function
(singleton_method name: (_) @name parameters: (_)? @parameters) @function
; what marks a method of the class itself
(singleton_method . "def" @decorator)
(class name: (_) @name superclass: (_)? @bases) @class
(module name: (_) @name) @class
(singleton_class) @block
(call method: (_) @callee arguments: (_)? @arguments) @call
(for pattern: (_) @variable value: (_) @over) @each
(while condition: (_) @condition) @while
(until condition: (_) @condition) @while
(do_block parameters: (_)? @parameters) @lambda
(block parameters: (_)? @parameters) @lambda
(lambda) @closure
(argument_list (block_argument (simple_symbol) @name)) @send
(assignment left: (_) @left right: (_) @right) @assign
(operator_assignment left: (_) @left right: (_) @right) @assign
(ensure) @finally
(rescue) @catch
(retry) @retry
(return) @return
(string) @string
(heredoc_body) @string
(subshell) @string
(if condition: (_) @condition) @if
(unless condition: (_) @condition) @if
(if consequence: (then (break) @break))
(regex) @pattern
