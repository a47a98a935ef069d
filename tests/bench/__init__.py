"""make bench: figures as ratios within one run, medians of several. Machines differ; ratios travel."""
