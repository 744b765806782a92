"""What tests ask a page in the browser, as JavaScript expressions."""

#: The width of what the page holds and of the window, in CSS pixels.
SIZES = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
#: One line per rule of axe-core that the page breaks.
VIOLATIONS = """axe.run().then(found => found.violations.map(
    each => `${each.id}: ${each.help}: ${each.nodes.map(node => node.html).slice(0, 3)}`
))"""
