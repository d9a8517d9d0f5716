"""Every error Quoth raises on purpose.

Knows what can go wrong and how to say it: what, where, and the cure. Does not know how an
error is shown; the command line prints one line, the web sends one message.

    QAError
    ├── ConfigError (ValueError)          a setting is out of its range or cannot be read
    ├── QuestionError (ValueError)        what was asked is not a question that can be read
    ├── ArticleError (ValueError)         one article file cannot be read; the others go on
    ├── ModelError (RuntimeError)         the encoder or the reader cannot be loaded
    ├── StoreError (RuntimeError)         the index on disk
    │   ├── IndexMissing                  there is none at that place
    │   ├── IndexMismatch                 it was made by another recipe
    │   ├── IndexDamaged                  its content is not what its checksums say
    │   └── IndexBusy                     another process is writing to it
    ├── ClusterError (RuntimeError)       other machines do not encode as asked
    ├── CitationError (AssertionError)    a quotation is not at its offsets; never expected
    ├── EvaluationError (ValueError)      a question file or a result file cannot be used
    └── BusyError (RuntimeError)          too many questions at once; ask again later
"""


class QAError(Exception):
    """Base of every error raised on purpose; `str(error)` is one line fit for people."""

    exit_code = 2

    def __init__(self, what: str, *, cure: str = "") -> None:
        """Say what is wrong and where in `what`, and what to do about it in `cure`."""
        self.what = what
        self.cure = cure
        super().__init__(" ".join(f"{what} {cure}".split()))  # what a library says may have lines


class ConfigError(QAError, ValueError):
    """A setting is out of its range or cannot be read."""


class QuestionError(QAError, ValueError):
    """What was asked is not a question that can be read."""


class ArticleError(QAError, ValueError):
    """One article file cannot be read."""


class ModelError(QAError, RuntimeError):
    """The encoder or the reader cannot be loaded."""


class StoreError(QAError, RuntimeError):
    """The index on disk cannot be used."""


class IndexMissing(StoreError):
    """There is no index at that place."""


class IndexMismatch(StoreError):
    """The index was made by another recipe than the one asked for."""


class IndexDamaged(StoreError):
    """The index does not hold what its checksums say."""


class IndexBusy(StoreError):
    """Another process is writing to the index."""


class ClusterError(QAError, RuntimeError):
    """The machines that were to encode are not there, or not as they must be."""


class CitationError(QAError, AssertionError):
    """A quotation does not stand at its offsets. Made impossible, and checked each time."""


class EvaluationError(QAError, ValueError):
    """A question file or a result file cannot be used."""


class BusyError(QAError, RuntimeError):
    """Too many questions are being answered; this one was not taken."""
