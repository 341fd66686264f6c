"""check: the doctor. It reads, asks and writes nothing; each finding says what to change and where to click."""
