"""What can be applied for: inspect, load, versions, snapshot, search, shelves, quarantine."""
