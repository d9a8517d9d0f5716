"""Encoding spread over machines, by the workers of a Dask cluster.

Knows Dask, alone in the project (the extra `dask`). Does not know articles or indexes: it is an
`Encoder` whose `encode` is done elsewhere. A text's vector does not depend on its company
(qa/encoder.py), so however texts are dealt out, and whichever worker dies and has its share done
again by another, the vectors are those of a single process, to the last bit.

A worker needs this package in the same version and the same weights, which is checked, and no
network but the scheduler's. Dask runs what it is sent: keep its ports inside your own network.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import qa
from qa.compute import dtype_for
from qa.encoder import SentenceEncoder
from qa.errors import ClusterError, QAError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa.config import Settings
    from qa.types import Encoder, Vectors

log = logging.getLogger(__name__)

ANSWER = 10.0  # seconds for the scheduler to answer, and for a first worker to be there
PATIENCE = 60.0  # seconds without any worker before an update gives up
SHARES = 3  # for each worker of what is to be encoded at once: the slow ones then do fewer
LEAST = 16  # texts in a share
PROBE = ("Who signed it?", "The talks in Havana, the first in two years, ended on Wednesday.")

Recipe = tuple[str, ...]  # version, sha256, encoder, number type, device: what Dask carries best


class DaskEncoder:
    """An `Encoder` over the workers of a cluster. Safe to call from many threads."""

    def __init__(self, client: Any, address: str, settings: Settings, encoder: Encoder) -> None:
        """Use an open client; `encoder` is what the workers must have too.

        Raises:
            ClusterError: There is no worker, or one of them has another version or weights.
        """
        self.name = encoder.name
        self._client = client
        self._address = address
        self._encoder = encoder
        self._recipe: Recipe = (
            qa.__version__,
            encoder.sha256,
            settings.encoder,
            str(dtype_for(settings)).removeprefix("torch."),  # as here, whatever they would choose
            settings.device,
        )
        self._check()

    @property
    def sha256(self) -> str:
        """Hash of the weights, the same here and there."""
        return self._encoder.sha256

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of unit length.

        Raises:
            ClusterError: The workers are gone, or one has other weights.
        """
        import numpy as np

        if not texts:
            return self._encoder.encode(texts)
        # Texts of a length together, so that no share is padded more than another.
        order = sorted(range(len(texts)), key=lambda place: (len(texts[place]), place))
        size = max(LEAST, -(-len(texts) // (SHARES * max(1, len(self._workers())))))
        shares = [order[start : start + size] for start in range(0, len(order), size)]
        found = self._done([[texts[place] for place in share] for share in shares])
        rows = np.zeros((len(texts), found[0].shape[1]), dtype=np.float32)
        for share, part in zip(shares, found, strict=True):
            rows[share] = part
        return rows

    def _done(self, shares: list[list[str]]) -> list[Vectors]:
        from distributed import wait

        futures = self._client.map(encode_share, shares, recipe=self._recipe, pure=False)
        while True:
            try:
                with self._client.as_current():  # of this thread; `wait` asks for it
                    wait(futures, timeout=PATIENCE)  # type: ignore[no-untyped-call]
                results: list[Vectors] = self._client.gather(futures)
            except TimeoutError:
                if not self._workers():
                    raise self._no_workers() from None
            except QAError:
                raise
            except Exception as error:  # a task's own, Dask's, or a connection's: of any type
                raise ClusterError(
                    f"The workers at {self._address} could not encode: {_first_line(error)}",
                    cure="See the workers' logs.",
                ) from error
            else:
                return results

    def _workers(self) -> Mapping[str, Any]:
        workers: Mapping[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        return workers

    def _no_workers(self) -> ClusterError:
        return ClusterError(
            f"The scheduler at {self._address} has no workers.",
            cure=f"Start some on your machines: dask worker {self._address}",
        )

    def _check(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=ANSWER)
        except TimeoutError:
            raise self._no_workers() from None
        looked: Mapping[str, Any] = self._client.run(look, self._recipe, on_error="return")
        computed = set()
        for worker, found in sorted(looked.items()):
            if isinstance(found, ImportError) or not isinstance(found, str):
                raise ClusterError(
                    f"The worker at {worker} cannot run qa: {_first_line(found)}.",
                    cure="Install there what is installed here: pip install 'quoth-qa[dask]'",
                )
            if found.startswith(PROBLEM):
                raise ClusterError(
                    f"The worker at {worker} {found.removeprefix(PROBLEM)}",
                    cure="Install there what is installed here, and set the same QA_ENCODER.",
                )
            computed.add(found)
        if len(computed) > 1:
            log.warning(
                "%s: the workers' processors differ in the last bits of a vector; the index will "
                "be as good as one made by a single process, but not the same to the last bit",
                self._address,
            )
        log.info("%s: %d workers", self._address, len(looked))


@contextmanager
def over(address: str, settings: Settings, encoder: Encoder) -> Iterator[DaskEncoder]:
    """Yield an encoder over the workers of the scheduler at `address`.

    Args:
        address: As Dask writes it: tcp://HOST:8786.
        settings: Name the encoder that the workers load.
        encoder: The same encoder here.

    Raises:
        ClusterError: Dask is not installed, no scheduler answers, or the workers do not fit.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "Encoding over machines needs a package that is not installed.",
            cure="Run: pip install 'quoth-qa[dask]'",
        ) from error
    # Errors come to us as such; its own lines on the terminal would only repeat them.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise ClusterError(
            f"No Dask scheduler answers at {address}.",
            cure="Start one with: dask scheduler; its address is tcp://HOST:8786.",
        ) from error
    try:
        yield DaskEncoder(client, address, settings, encoder)
    finally:
        client.close()  # type: ignore[no-untyped-call]


# -- what runs on a worker

PROBLEM = "!"  # how what `look` returns begins when the worker does not fit


def look(recipe: Recipe) -> str:
    """Return what this worker makes of the probe, or why it cannot help."""
    try:
        rows = _encoder(recipe).encode(PROBE)
    except QAError as error:
        return f"{PROBLEM}{error.what}"
    return hashlib.sha256(rows.astype("<f2").tobytes()).hexdigest()


def encode_share(texts: Sequence[str], recipe: Recipe) -> Vectors:
    """Return the vectors of some texts, on a worker that may have come since the others were asked.

    Raises:
        ClusterError: It has another version or other weights.
    """
    return _encoder(recipe).encode(texts)


@lru_cache(maxsize=2)
def _encoder(recipe: Recipe) -> SentenceEncoder:
    from qa.config import Settings

    version, sha256, name, dtype, device = recipe
    if qa.__version__ != version:
        raise ClusterError(f"has qa {qa.__version__}, not {version}.")
    # The rest, as QA_THREADS, is the worker's own to set.
    settings = Settings.from_environment(encoder=name, dtype=dtype, device=device)
    encoder = SentenceEncoder(settings)
    if encoder.sha256 != sha256:
        raise ClusterError(f"has other weights ({encoder.sha256[:12]}…, not {sha256[:12]}…).")
    return encoder


def _first_line(error: object) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0].rstrip(".")
