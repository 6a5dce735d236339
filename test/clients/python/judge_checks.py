"""Judges answers of switches by ANTA.

Standard input: JSON lines `{"check", "module", "inputs", "answers"}`; an answer may be null, which was not answered.
Standard output: the version of ANTA, then for each line a JSON line `{"result", "messages"}`; `error` with the exception where ANTA broke off.
"""
import asyncio
import datetime
import importlib
import importlib.metadata
import json
import logging
import signal
import sys

import anta.tools
from anta.device import AntaDevice

logging.disable(logging.CRITICAL)


class Then(datetime.datetime):
    """The time of judging, which ANTA takes from its clock: a day after the last answer that was recorded."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(1_795_157_100, tz)


anta.tools.datetime = Then


# The numbers that EOS writes with a fraction even where it is zero (`34.0`), which JavaScript does not keep.
FLOATS = set(
    """ambientTemperature capacity criticalThreshold currentTemperature currentTime helloTime idle inBpsRate inactivity
    inputCurrent inputVoltage lastChange lastDown linkSpeed lowAlarm lowWarn maxTemperature nice outBpsRate
    overheatThreshold skew stateChangeTime system temperature timestamp upTime uptime user utcTime""".split()
)


def as_written(value, name="", holder=""):
    if isinstance(value, dict):
        return {key: as_written(member, key, name) for key, member in value.items()}
    if isinstance(value, list):
        return [as_written(member, name, holder) for member in value]
    if type(value) is int and (name in FLOATS or holder == "channels"):
        return float(value)
    return value


class Recorded(AntaDevice):
    """A device that is never asked: its answers are given."""

    def __init__(self):
        super().__init__(name="device", tags=None, disable_cache=True)
        self.hw_model = "DCS-7280CR3-32P4"

    @property
    def _keys(self):
        return (self.name,)

    async def _collect(self, command, *, collection_id=None):
        raise AssertionError("nothing is asked")

    async def refresh(self):
        raise AssertionError("nothing is asked")


DEVICE = Recorded()


def too_slow(*_):
    raise TimeoutError("takes too long to match")


signal.signal(signal.SIGALRM, too_slow)


async def judged(case):
    # A regular expression may take for ever.
    signal.alarm(3)
    try:
        check = getattr(importlib.import_module(case["module"]), case["check"])
        test = check(DEVICE, inputs=case["inputs"], eos_data=as_written(case["answers"]))
        await test.test()
    except Exception as error:  # a member that is missing or of another type
        return {"result": "error", "messages": ["%s: %s" % (type(error).__name__, str(error)[:300])]}
    finally:
        signal.alarm(0)
    return {"result": str(test.result.result), "messages": test.result.messages}


async def main():
    print(json.dumps(importlib.metadata.version("anta")))
    for line in sys.stdin:
        print(json.dumps(await judged(json.loads(line))))


asyncio.run(main())
