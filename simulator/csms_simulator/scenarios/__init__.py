"""What virtual chargers play: one small function per scenario, all listed in `table`."""
