local annotations = obj.metadata.annotations or {}
local suspended = obj.spec.suspend == true
-- The operator answers no request then.
local left = obj.metadata.deletionTimestamp ~= nil or annotations["ingestion.open-metadata.org/paused"] == "true"

local actions = {}
actions["run"] = {
  ["disabled"] = left or suspended,
  ["displayName"] = "Run now",
  ["iconClass"] = "fa fa-fw fa-play"
}
actions["suspend"] = {
  ["disabled"] = left or suspended,
  ["displayName"] = "Suspend",
  ["iconClass"] = "fa fa-fw fa-pause"
}
actions["resume"] = {
  ["disabled"] = left or not suspended,
  ["displayName"] = "Resume",
  ["iconClass"] = "fa fa-fw fa-forward"
}
actions["reconcile"] = {
  ["disabled"] = left,
  ["displayName"] = "Reconcile",
  ["iconClass"] = "fa fa-fw fa-sync"
}
return actions
