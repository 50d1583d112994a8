// Kernels that OpenBLAS does not have.
#pragma once
