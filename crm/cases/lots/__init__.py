"""One act on many demands: started by an agent, done behind, each demand with its own result."""
