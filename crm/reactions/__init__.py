"""The whole chain of effects on one page: after which fact, which jobs run."""

from crm.foundation import Reactions

REACTIONS: Reactions = {}
