#include "textflag.h"

// func lines(addresses *uintptr, count int)
TEXT ·lines(SB), NOSPLIT, $0-16
	MOVQ addresses+0(FP), AX
	MOVQ count+8(FP), CX
	LEAQ (AX)(CX*8), CX
	JMP  test
next:
	MOVQ (AX), BX
	PREFETCHT0 (BX)
	ADDQ $8, AX
test:
	CMPQ AX, CX
	JNE  next
	RET
