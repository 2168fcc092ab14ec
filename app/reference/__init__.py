"""What `sectorwise tools` lists and writes."""
