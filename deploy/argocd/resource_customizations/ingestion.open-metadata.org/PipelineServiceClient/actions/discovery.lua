local actions = {}
actions["reconcile"] = {
  ["disabled"] = obj.metadata.deletionTimestamp ~= nil,
  ["displayName"] = "Check now",
  ["iconClass"] = "fa fa-fw fa-sync"
}
return actions
