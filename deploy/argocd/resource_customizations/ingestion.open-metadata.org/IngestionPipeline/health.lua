-- Conditions and observedGeneration follow kstatus. A failed run does not degrade: the next one may well succeed, and nothing in
-- Git would change that; the message tells of it.
local status = obj.status or {}
local annotations = obj.metadata.annotations or {}

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
local lastRun = find("LastRunSucceeded")

if obj.metadata.deletionTimestamp ~= nil then
  if ready.status == "True" then
    return health("Progressing", "Is being removed from Airflow")
  end
  return health("Progressing", "Is being removed from Airflow: " .. ready.message)
end
if annotations["ingestion.open-metadata.org/paused"] == "true" then
  return health("Suspended", "The operator leaves it alone, as an annotation asks")
end
if status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "Waiting for the operator to look at the latest change")
end
if stalled.status == "True" then
  return health("Degraded", stalled.message)
end
if ready.status == "True" and ready.reason == "Suspended" then
  return health("Suspended", ready.message)
end
if ready.status == "True" and lastRun.status == "False" then
  return health("Healthy", ready.message .. " The last run failed: " .. lastRun.message)
end
if ready.status == "True" then
  return health("Healthy", ready.message)
end
return health("Progressing", ready.message)
