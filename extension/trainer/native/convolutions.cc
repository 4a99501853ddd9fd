// The operations of convolutions.h for one set of instructions. This file is compiled once for each set, with INSTRUCTIONS defined as the
// set's name in convolutions.h, and with the definitions that vectors.h needs.
#include "convolutions.h"

#include "filterGradient.h"
#include "narrowConvolution.h"
#include "winogradConvolution.h"
#include "winogradFilterGradient.h"

namespace convolutions {

extern const Functions INSTRUCTIONS;
const Functions INSTRUCTIONS = {winograd, winogradFilterGradient, narrowConvolution, filterGradient};

}  // namespace convolutions
