#include "textflag.h"

// func lines(addresses *uintptr, count int)
TEXT ·lines(SB), NOSPLIT, $0-16
	MOVD addresses+0(FP), R0
	MOVD count+8(FP), R1
	ADD  R1<<3, R0, R1
	B    test
next:
	MOVD.P 8(R0), R2
	PRFM (R2), PLDL1KEEP
test:
	CMP R0, R1
	BNE next
	RET
