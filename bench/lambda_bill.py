"""What is used of AWS, and the bill for it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

from lambda_prices import ALLOWANCE, MILLION, Prices


def gb_seconds(memory_mb: int, seconds: float) -> float:
    """What Lambda bills: whole milliseconds times GB of 1024 MB. The init phase counts since August 2025."""
    return memory_mb / 1024 * math.ceil(seconds * 1000) / 1000


def lambda_dollars(prices: Prices, gb_s: float, invocations: float = 1) -> float:
    """Compute and requests."""
    return gb_s * prices.lambda_per_gb_s + invocations * prices.lambda_per_million / MILLION


@dataclass(frozen=True, slots=True)
class Use:
    """What is used of each service, by one request or in a month."""

    gb_s: float = 0.0
    invocations: float = 0.0
    s3_puts: float = 0.0
    s3_gets: float = 0.0
    s3_gb_months: float = 0.0
    write_units: float = 0.0
    read_units: float = 0.0
    sqs_requests: float = 0.0
    api_calls: float = 0.0
    log_gb: float = 0.0
    egress_gb: float = 0.0
    metrics: float = 0.0
    alarms: float = 0.0

    def times(self, count: float) -> Use:
        return Use(**{each.name: getattr(self, each.name) * count for each in fields(self)})

    def plus(self, other: Use) -> Use:
        return Use(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def after_allowance(self) -> Use:
        """What is left to pay of a month's use."""
        free = {each.name: getattr(ALLOWANCE, each.name) for each in fields(ALLOWANCE)}
        return replace(self, **{name: max(0.0, getattr(self, name) - amount) for name, amount in free.items()})


def bill(prices: Prices, use: Use) -> dict[str, float]:
    """Dollars by service."""
    return {
        "Lambda": lambda_dollars(prices, use.gb_s, use.invocations),
        "S3": (use.s3_puts * prices.s3_put_per_thousand + use.s3_gets * prices.s3_get_per_thousand) / 1000
        + use.s3_gb_months * prices.s3_gb_month,
        "DynamoDB": (use.write_units * prices.write_units_per_million + use.read_units * prices.read_units_per_million)
        / MILLION,
        "SQS": use.sqs_requests * prices.sqs_per_million / MILLION,
        "API Gateway": use.api_calls * prices.rest_api_per_million / MILLION,
        "CloudWatch": use.log_gb * prices.logs_per_gb
        + use.metrics * prices.metric_month
        + use.alarms * prices.alarm_month,
        "Data out": use.egress_gb * prices.egress_per_gb,
    }
