"""Which policy an invoice gets."""

from models.segments import InvoiceProfile, SegmentRule, Segments


def policy_for(profile: InvoiceProfile, segments: Segments) -> str:
    """The policy of the first rule whose every condition holds."""
    return next(rule.policy for rule in segments.rules if _fits(rule, profile))


def _fits(rule: SegmentRule, profile: InvoiceProfile) -> bool:
    amount = profile.base_amount
    return all(
        (
            rule.segment is None or rule.segment == profile.segment,
            rule.country is None or rule.country == profile.country,
            rule.currency is None or rule.currency == profile.currency,
            rule.tag is None or rule.tag in profile.tags,
            rule.strategic is None or rule.strategic == profile.strategic,
            rule.amount_from is None or amount is None or amount >= rule.amount_from,
            rule.amount_below is None or (amount is not None and amount < rule.amount_below),
        )
    )
