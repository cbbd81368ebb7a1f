"""The paper's sizes, figures and claims."""
