"""Reading any Agent Skill: documents, links, checklists, rules. Knows no database."""
