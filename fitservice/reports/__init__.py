"""Everything that is told: check, query, rules, audit. Figures leave only through their protection."""
