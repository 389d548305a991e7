"""The pages of `rung author prove` and `rung author lint`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rung.runner.render.page import Page, count, duration

if TYPE_CHECKING:
    from rung.runner.authoring.finding import LintFinding
    from rung.runner.authoring.proof import Proof
    from rung.runner.authoring.prove_exam import ExamProof

_PROVEN, _WRONG, _SKIPPED = ("✓", "passed"), ("✗", "failed"), ("-", "warning")


def proof_page(proof: Proof) -> Page:
    """One lab: proven, or each failed step with its reasons."""
    page = Page()
    took = f"  {count(len(proof.steps), 'step')}, {duration(proof.seconds)}"
    if proof.skipped:
        return page.line((proof.lab, "strong"), f" cannot be tried here: {proof.skipped}", mark=_SKIPPED)
    page.line((proof.lab, "strong"), (took, "dim"), mark=_PROVEN if proof.ok else _WRONG)
    for step in proof.failed:
        page.line((step.name, "failed"), indent=2, mark=_WRONG)
        for why in step.why:
            page.line(why, indent=6)
        if step.kept:
            page.line(("kept: ", "dim"), (f"rung shell --attempt {step.kept}", "command"), indent=6)
    return page


def exam_proof_page(proof: ExamProof) -> Page:
    """One exam: the questions that share a cluster, and how they conflict."""
    page = Page()
    page.line((f"exam {proof.exam}", "strong"), (f"  seed {proof.seed}", "dim"), mark=_PROVEN if proof.ok else _WRONG)
    if not proof.groups:
        page.line("No two of its questions share a cluster.", indent=2)
    for group in proof.groups:
        page.line(f"On one cluster: {', '.join(group)}.", indent=2)
    for why in proof.why:
        page.line(why, indent=6)
    return page


def proofs_summary(proofs: Sequence[Proof]) -> Page:
    """The number of proven labs."""
    proven, skipped = sum(p.ok for p in proofs), sum(p.skipped is not None for p in proofs)
    text = f"{proven} of {count(len(proofs), 'lab')} proven"
    style = "passed" if proven + skipped == len(proofs) else "failed"
    return Page().line((text, style), (f", {skipped} cannot be tried here" if skipped else "", "dim"))


def findings_page(lab: str, findings: Sequence[LintFinding]) -> Page:
    """The findings of the linter for one lab."""
    page = Page()
    if not findings:
        return page.line(f"{lab} has no findings.", mark=_PROVEN)
    for finding in findings:
        page.line(("advice: ", "warning") if finding.advice else "", str(finding))
    return page
