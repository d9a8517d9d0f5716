"""Measure how well questions are answered, and how well the confidence knows it.

From the bottom up: `datasets` (question files), `squad` (the official answer metrics), `curves`
(risk, coverage, calibration), `bootstrap` (how sure a number is), `results` (what was measured),
`metrics` (every number from results), `run` (asks and records), `swaps` (near-miss questions),
`reader` (the span reader alone), `plots`, `report` (for people), `cli`.
"""
