"""One small HTTP service: the contract is the same in every track."""

VERSION = "1.0.0"
