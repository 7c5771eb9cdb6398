"""Who meets whom: pure, seeded rules that give the same groups on any machine.

Each file does one job: a plan for everybody present, groups week by week, mentors and mentees.
"""
