-- Conditions and observedGeneration follow kstatus.
local status = obj.status or {}

local function find(name)
  for _, condition in ipairs(status.conditions or {}) do
    if condition.type == name then
      return condition
    end
  end
  return { status = "Unknown", message = "Waiting for the operator" }
end

local function health(state, message)
  return { status = state, message = message }
end

local ready = find("Ready")
local stalled = find("Stalled")

if obj.metadata.deletionTimestamp ~= nil then
  return health("Progressing", find("InUse").message)
end
if status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "Waiting for the operator to look at the latest change")
end
if stalled.status == "True" then
  return health("Degraded", stalled.message)
end
if ready.status == "True" then
  return health("Healthy", ready.message)
end
return health("Progressing", ready.message)
