"""What Lambda and its neighbours bill."""

from __future__ import annotations

import pytest
from lambda_bill import Use, bill, gb_seconds, lambda_dollars
from lambda_prices import N_CALIFORNIA, N_VIRGINIA, SEOUL


def test_lambda_bills_whole_milliseconds() -> None:
    assert gb_seconds(1024, 0.2) == pytest.approx(0.2)
    assert gb_seconds(1024, 0.2001) == pytest.approx(0.201)
    assert gb_seconds(3008, 1.0) == pytest.approx(2.9375)


def test_a_million_seconds_of_half_a_gigabyte_three_times() -> None:
    """AWS's own example: 3 million requests of 1 s at 512 MB are 18.34 + 0.40 dollars after what is free."""
    month = Use(gb_s=gb_seconds(512, 1.0), invocations=1).times(3_000_000)
    paid = month.after_allowance()
    assert (paid.gb_s, paid.invocations) == (1_100_000, 2_000_000)
    assert lambda_dollars(N_VIRGINIA, paid.gb_s, paid.invocations) == pytest.approx(18.34 + 0.40, abs=0.01)


def test_every_service_is_in_the_bill() -> None:
    use = Use(
        s3_puts=1000,
        s3_gets=1000,
        s3_gb_months=1,
        write_units=1_000_000,
        read_units=1_000_000,
        sqs_requests=1_000_000,
        api_calls=1_000_000,
        log_gb=1,
        egress_gb=1,
        metrics=10,
        alarms=10,
    )
    assert bill(N_CALIFORNIA, use) == pytest.approx(
        {
            "Lambda": 0.0,
            "S3": 0.0055 + 0.00044 + 0.026,
            "DynamoDB": 0.695 + 0.1395,
            "SQS": 0.40,
            "API Gateway": 3.50,
            "CloudWatch": 0.67 + 3.00 + 1.00,
            "Data out": 0.09,
        }
    )


def test_what_is_free_is_never_paid_back() -> None:
    small = Use(gb_s=1, invocations=1, sqs_requests=1, log_gb=1, egress_gb=1, metrics=1, alarms=1, s3_puts=1000)
    assert sum(bill(SEOUL, small.after_allowance()).values()) == pytest.approx(SEOUL.s3_put_per_thousand)


def test_uses_add_up() -> None:
    assert Use(gb_s=1, alarms=2).plus(Use(gb_s=3)).times(2) == Use(gb_s=8, alarms=4)
