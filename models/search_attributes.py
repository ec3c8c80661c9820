"""The search attributes of a follow-up: their only definition, with names and types."""

from temporalio.common import SearchAttributeKey

FOLLOW_UP_STATUS = SearchAttributeKey.for_keyword("FollowUpStatus")
STAGE = SearchAttributeKey.for_keyword("Stage")
CUSTOMER_ID = SearchAttributeKey.for_keyword("CustomerId")
AMOUNT_OPEN = SearchAttributeKey.for_float("AmountOpen")
DUE_DATE = SearchAttributeKey.for_datetime("DueDate")
ACCOUNT_OWNER = SearchAttributeKey.for_keyword("AccountOwner")
NEXT_TOUCH_AT = SearchAttributeKey.for_datetime("NextTouchAt")

ALL = (
    FOLLOW_UP_STATUS,
    STAGE,
    CUSTOMER_ID,
    AMOUNT_OPEN,
    DUE_DATE,
    ACCOUNT_OWNER,
    NEXT_TOUCH_AT,
)
