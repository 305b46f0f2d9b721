"""What AWS charges: list prices in US dollars, before taxes and allowances, and what is free each month.

Source: AWS's public price list (https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/SERVICE/current/REGION/),
x86_64, the first tier of each. A price here is no offer: look it up before you rely on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AS_OF: Final = "September 2026"
"""N. California: price list of 2026-09-29. Seoul: of mid 2026. N. Virginia: AWS's pricing pages, on-demand DynamoDB
as since November 2024. Lambda's are the same in all three."""

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one region; each name says per how much.

    What has a default is the same in all three regions; of `rest_api_per_million` that is an assumption.
    """

    region: str
    s3_put_per_thousand: float
    s3_get_per_thousand: float
    s3_gb_month: float
    write_units_per_million: float
    read_units_per_million: float
    logs_per_gb: float
    egress_per_gb: float
    lambda_per_gb_s: float = 0.0000166667
    lambda_per_million: float = 0.20
    sqs_per_million: float = 0.40
    rest_api_per_million: float = 3.50
    metric_month: float = 0.30
    alarm_month: float = 0.10


SEOUL: Final = Prices(
    region="ap-northeast-2",
    s3_put_per_thousand=0.0045,
    s3_get_per_thousand=0.00035,
    s3_gb_month=0.025,
    write_units_per_million=0.68,
    read_units_per_million=0.1355,
    logs_per_gb=0.76,
    egress_per_gb=0.126,
)
N_CALIFORNIA: Final = Prices(
    region="us-west-1",
    s3_put_per_thousand=0.0055,
    s3_get_per_thousand=0.00044,
    s3_gb_month=0.026,
    write_units_per_million=0.695,
    read_units_per_million=0.1395,
    logs_per_gb=0.67,
    egress_per_gb=0.09,
)
N_VIRGINIA: Final = Prices(
    region="us-east-1",
    s3_put_per_thousand=0.005,
    s3_get_per_thousand=0.0004,
    s3_gb_month=0.023,
    write_units_per_million=0.625,
    read_units_per_million=0.125,
    logs_per_gb=0.50,
    egress_per_gb=0.09,
)
REGIONS: Final = {prices.region: prices for prices in (SEOUL, N_CALIFORNIA, N_VIRGINIA)}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is free each month for every account, without an end; the twelve months' free tier of new ones is not in."""

    gb_s: float = 400_000
    invocations: float = MILLION
    sqs_requests: float = MILLION
    log_gb: float = 5
    egress_gb: float = 100
    metrics: float = 10
    alarms: float = 10


ALLOWANCE: Final = Allowance()
