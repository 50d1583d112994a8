// The rate of multiply-adds that one core reaches with the widest vectors the engine uses here.
#pragma once

/// Runs `rounds` × 24 independent vector multiply-adds and returns the floating-point operations of that.
double peak_operations(long rounds);
