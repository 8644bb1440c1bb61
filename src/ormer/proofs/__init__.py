"""What is asked of the prover: controls, by every principal, in every world; and its answers.

``prove`` knows formulas; here is what AWS's facts, a profile and an access file make of them.
"""
