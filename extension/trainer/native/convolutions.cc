// The convolutions of convolutions.h for one set of instructions. Compiled once for each, with INSTRUCTIONS, its name there, and what
// vectors.h needs.
#include "convolutions.h"

#include "filterGradient.h"
#include "narrowConvolution.h"
#include "winogradConvolution.h"
#include "winogradFilterGradient.h"

namespace convolutions {

extern const Functions INSTRUCTIONS;
const Functions INSTRUCTIONS = {winograd, winogradFilterGradient, narrowConvolution, filterGradient};

}  // namespace convolutions
