"""How long activities may take, and how they are tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

# Short enough that a letter never leaves long after its window was looked at, and long enough for
# a mail server that takes its ten minutes (RFC 5321 §4.5.3.2.6) to say that it has the letter.
WITHIN_THE_WINDOW: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=12),
    "schedule_to_close_timeout": timedelta(minutes=15),
    "heartbeat_timeout": timedelta(seconds=45),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)
    ),
}
BEFORE_ASKING_AGAIN = timedelta(minutes=5)
# What is for our own people has no window, and must not be lost: a day, then somebody is told.
WITHIN_A_DAY: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=12),
    "schedule_to_close_timeout": timedelta(days=1),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
    ),
}
# A decision to act that took longer than this was made for another moment.
FRESH = timedelta(minutes=1)

_AT_ONCE: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=10),
    "schedule_to_close_timeout": timedelta(seconds=20),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=3),
}
_HOWEVER_LONG: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=1),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
    ),
}


async def ask(activity: Callable[..., Any], question: Any) -> Any:
    """Ask the database: at once, and while it is away patiently.

    It answers in milliseconds, so a local activity saves the server's round trips. When it does
    not, waiting there would only write history: a regular activity waits in plain sight.
    """
    try:
        return await workflow.execute_local_activity_method(activity, question, **_AT_ONCE)
    except (ActivityError, ApplicationError):  # a local activity fails with its own error, bare
        return await workflow.execute_activity_method(activity, question, **_HOWEVER_LONG)


def failed_for_good(error: ActivityError) -> bool:
    """True when trying again cannot help: the activity said so itself."""
    return isinstance(error.cause, ApplicationError) and error.cause.non_retryable
