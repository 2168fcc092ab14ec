"""The protocol: chosen on data to 2018, frozen, then judged once on what came after."""
