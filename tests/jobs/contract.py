"""What every queue promises, as tests: a backend's test file inherits them and brings the fixtures `queue`, `clock`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sightline.errors import NotFoundError
from sightline.jobs.queue import DAY_S, Failure, JobQueue, Lease, Progress

KIND = "gaze"
FAILURE = Failure("internal", "The machine broke down.")


class Clock:
    """A time that passes when a test says so."""

    def __init__(self) -> None:
        self.now_s = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds


def claimed(queue: JobQueue) -> Lease:
    lease = queue.claim([KIND])
    assert lease is not None
    return lease


class JobQueueContract:
    """Needs fixtures: `queue`, empty, with leases of 30 s, three attempts and pauses of 5 and 20 s; and its `clock`."""

    in_order = True
    """Whether the job that has waited longest is claimed first, or only about so."""

    counts_jobs = True
    """Whether `waiting` counts jobs, or announcements, of which a job that was submitted twice has two."""

    holds_keys_against_threads = True
    """Whether two that submit under one key at the very same time make one job."""

    def test_a_job_is_stored_as_it_was_submitted(self, queue: JobQueue, clock: Clock) -> None:
        payload = {"user_id": "u", "parameters": {"step": 1, "vpp_thresh": 0.06}, "note": "눈", "none": None}
        job = queue.submit("one", KIND, payload)

        assert queue.get("one") == job
        assert (job.id, job.kind, job.payload, job.state, job.attempts) == ("one", KIND, payload, "queued", 0)
        assert job.created_at == datetime.fromtimestamp(clock.now_s, UTC)
        assert (job.started_at, job.finished_at, job.result, job.failure) == (None, None, None, None)
        assert queue.waiting() == 1

    def test_what_is_not_there_is_not_found(self, queue: JobQueue) -> None:
        queue.submit("one", KIND, {})

        for job_id in ("two", "", "' OR 1=1 --"):
            with pytest.raises(NotFoundError):
                queue.get(job_id)
        assert queue.find("one") is None
        queue.delete("two")

    def test_first_come_first_served_and_each_to_one(self, queue: JobQueue) -> None:
        for name in ("c", "a", "b"):
            queue.submit(name, KIND, {})

        found = [claimed(queue).job.id for _ in range(3)]
        assert found == ["c", "a", "b"] if self.in_order else sorted(found) == ["a", "b", "c"]
        assert queue.claim([KIND]) is None
        assert queue.waiting() == 0

    def test_a_worker_takes_only_kinds_that_it_knows(self, queue: JobQueue) -> None:
        queue.submit("one", "other", {})

        assert queue.claim([KIND]) is None
        assert queue.claim([]) is None
        lease = queue.claim([KIND, "other"])
        assert lease is not None
        assert lease.job.kind == "other"

    def test_a_claimed_job_runs(self, queue: JobQueue, clock: Clock) -> None:
        queue.submit("one", KIND, {"a": 1})
        clock.pass_s(5)
        lease = claimed(queue)

        assert lease.job == queue.get("one")
        assert (lease.job.state, lease.job.attempts, lease.job.payload) == ("running", 1, {"a": 1})
        assert lease.job.started_at == lease.job.created_at + timedelta(seconds=5)

    def test_progress_and_result(self, queue: JobQueue, clock: Clock) -> None:
        queue.submit("one", KIND, {})
        lease = claimed(queue)

        assert queue.report(lease, Progress(30, 120, 60.0))
        assert queue.get("one").progress == Progress(30, 120, 60.0)
        assert queue.get("one").progress.fraction == 0.25
        clock.pass_s(10)
        assert queue.complete(lease, {"summary": {"blink_count": 3, "눈": None}})
        job = queue.get("one")
        assert (job.state, job.result) == ("done", {"summary": {"blink_count": 3, "눈": None}})
        assert job.finished_at == datetime.fromtimestamp(clock.now_s, UTC)
        assert queue.claim([KIND]) is None

    def test_what_json_cannot_say_is_no_result(self, queue: JobQueue) -> None:
        queue.submit("one", KIND, {})
        with pytest.raises(ValueError, match="JSON"):
            queue.complete(claimed(queue), {"fps": float("nan")})

        assert queue.get("one").state == "running"

    def test_an_extended_lease_holds_and_another_does_not(self, queue: JobQueue, clock: Clock) -> None:
        queue.submit("one", KIND, {})
        lease = claimed(queue)
        for _ in range(5):
            clock.pass_s(queue.lease_s - 1)
            assert queue.extend(lease)
        assert queue.claim([KIND]) is None

        clock.pass_s(queue.lease_s + 1)
        assert queue.claim([KIND]) is None  # first the pause
        assert queue.get("one").state == "queued"
        clock.pass_s(5)
        assert claimed(queue).job.attempts == 2

    def test_a_late_worker_is_not_heard(self, queue: JobQueue, clock: Clock) -> None:
        queue.submit("one", KIND, {})
        late = claimed(queue)
        clock.pass_s(queue.lease_s + 1)
        queue.claim([KIND])
        clock.pass_s(5)
        current = claimed(queue)
        before = queue.get("one")

        assert not queue.extend(late)
        assert not queue.report(late, Progress(1, 2))
        assert not queue.complete(late, {"late": True})
        assert not queue.fail(late, FAILURE, retry=False)
        assert not queue.release(late)
        assert queue.get("one") == before
        assert queue.complete(current, {"late": False})
        assert not queue.complete(late, {"late": True})
        assert queue.get("one").result == {"late": False}

    def test_failed_attempts_are_repeated_after_growing_pauses_and_then_the_job_fails(
        self, queue: JobQueue, clock: Clock
    ) -> None:
        queue.submit("one", KIND, {})
        for pause_s in (5, 20):
            assert queue.fail(claimed(queue), FAILURE, retry=True)
            assert (queue.get("one").state, queue.get("one").failure) == ("queued", None)
            clock.pass_s(pause_s - 1)
            assert queue.claim([KIND]) is None
            clock.pass_s(1)
        assert queue.fail(claimed(queue), FAILURE, retry=True)

        job = queue.get("one")
        assert (job.state, job.attempts) == ("failed", 3)
        assert job.failure == Failure("internal", "The machine broke down. It was tried 3 times.")
        assert job.finished_at == datetime.fromtimestamp(clock.now_s, UTC)
        clock.pass_s(10_000)
        assert queue.claim([KIND]) is None

    def test_bad_input_fails_at_once(self, queue: JobQueue) -> None:
        queue.submit("one", KIND, {})
        assert queue.fail(claimed(queue), Failure("bad_input", "It is no video."), retry=False)

        job = queue.get("one")
        assert (job.state, job.failure) == ("failed", Failure("bad_input", "It is no video."))

    def test_workers_that_vanish_use_the_attempts_up_too(self, queue: JobQueue, clock: Clock) -> None:
        queue.submit("one", KIND, {})
        for _ in range(3):
            claimed(queue)
            clock.pass_s(queue.lease_s + 1)
            assert queue.claim([KIND]) is None
            clock.pass_s(20)

        job = queue.get("one")
        assert (job.state, job.attempts) == ("failed", 3)
        assert job.failure is not None
        assert "3 times" in job.failure.reason

    def test_a_job_that_is_given_back_counts_no_attempt_and_waits_no_pause(self, queue: JobQueue) -> None:
        queue.submit("one", KIND, {})
        for _ in range(10):
            lease = claimed(queue)
            assert queue.report(lease, Progress(5, 10, 1.0))
            assert queue.release(lease)
        assert not queue.complete(lease, {})

        assert (claimed(queue).job.attempts, queue.get("one").progress) == (1, Progress())

    @pytest.mark.parametrize("state", ["queued", "running", "done"])
    def test_a_deleted_job_is_gone_whatever_it_does(self, queue: JobQueue, state: str) -> None:
        queue.submit("one", KIND, {}, once_key="u/1")
        lease = claimed(queue)
        if state == "queued":
            queue.release(lease)
        elif state == "done":
            queue.complete(lease, {})
        queue.delete("one")
        queue.delete("one")

        with pytest.raises(NotFoundError):
            queue.get("one")
        assert not queue.extend(lease)
        assert not queue.complete(lease, {})
        assert queue.claim([KIND]) is None
        assert queue.submit("two", KIND, {}, once_key="u/1").id == "two"

    @pytest.mark.parametrize("state", ["queued", "running", "done"])
    def test_a_job_is_not_there_after_its_days(self, queue: JobQueue, clock: Clock, state: str) -> None:
        job = queue.submit("one", KIND, {"n": 1}, once_key="u/1", keep_days=7)
        assert job.expires_at == job.created_at + timedelta(days=7)
        clock.pass_s(7 * DAY_S - 60)
        if state != "queued":
            lease = claimed(queue)
        if state == "done":
            queue.complete(lease, {})
        assert queue.get("one").expires_at == job.expires_at
        assert queue.find("u/1") == queue.get("one")

        clock.pass_s(60)
        with pytest.raises(NotFoundError):
            queue.get("one")
        assert queue.find("u/1") is None
        assert queue.claim([KIND]) is None
        assert queue.waiting() == 0
        assert queue.submit("two", KIND, {"n": 2}, once_key="u/1").payload == {"n": 2}
        assert queue.submit("one", KIND, {"n": 3}).payload == {"n": 3}
        assert queue.submit("one", KIND, {"n": 4}).payload == {"n": 3}

    def test_a_job_without_days_stays(self, queue: JobQueue, clock: Clock) -> None:
        job = queue.submit("one", KIND, {})
        clock.pass_s(10_000 * DAY_S)

        assert job.expires_at is None
        assert queue.get("one") == job
        assert list(queue.expired()) == []

    def test_the_same_key_makes_no_second_job(self, queue: JobQueue) -> None:
        first = queue.submit("one", KIND, {"n": 1}, once_key="u/1")

        assert queue.submit("two", KIND, {"n": 2}, once_key="u/1") == first
        assert queue.find("u/1") == first
        assert queue.submit("three", KIND, {}, once_key="u/2").id == "three"
        assert queue.submit("four", KIND, {}).id == "four"
        assert queue.submit("five", KIND, {}).id == "five"
        assert queue.waiting() == 4 or not self.counts_jobs

    def test_the_same_id_makes_no_second_job(self, queue: JobQueue) -> None:
        first = queue.submit("one", KIND, {"n": 1})

        assert queue.submit("one", KIND, {"n": 2}) == first
        assert queue.submit("one", KIND, {"n": 2}, once_key="u/1") == first
        lease = claimed(queue)
        assert queue.submit("one", KIND, {"n": 2}).state == "running"
        assert queue.complete(lease, {})
        assert queue.submit("one", KIND, {"n": 2}).state == "done"
        assert queue.claim([KIND]) is None

    def test_one_of_many_that_submit_the_same_at_the_same_time_makes_the_job(self, queue: JobQueue) -> None:
        if not self.holds_keys_against_threads:
            pytest.skip("this backend does not promise it")
        with ThreadPoolExecutor(8) as pool:
            jobs = list(pool.map(lambda n: queue.submit(str(n), KIND, {"n": n}, once_key="u/1"), range(8)))

        assert len({job.id for job in jobs}) == 1
        assert queue.find("u/1") == jobs[0]
        assert claimed(queue).job.id == jobs[0].id
        assert queue.claim([KIND]) is None

    def test_threads_that_submit_and_claim_side_by_side_share_nothing_twice(self, queue: JobQueue) -> None:
        def submit(number: int) -> None:
            queue.submit(str(number), KIND, {"n": number})

        def work(_: int) -> list[str]:
            taken = []
            while (lease := queue.claim([KIND])) is not None:
                assert queue.complete(lease, {"n": lease.job.payload["n"]})
                taken.append(lease.job.id)
            return taken

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(submit, range(40)))
            taken = [job_id for ids in pool.map(work, range(8)) for job_id in ids]
        assert sorted(taken, key=int) == [str(number) for number in range(40)]
        assert all(queue.get(job_id).attempts == 1 for job_id in taken)
