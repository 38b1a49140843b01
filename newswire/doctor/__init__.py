"""What `newswire doctor` looks at: this machine, the broker, the stages. Nothing is changed, but on demand."""
