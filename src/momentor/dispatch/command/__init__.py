"""What the console does with questions: ask one, explain a match."""
