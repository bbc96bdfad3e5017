"""The pages people work in: edge only."""
