"""A stand-alone local Slack: Web API, signed delivery, Socket Mode, faults and a movable clock."""
