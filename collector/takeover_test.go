package collector_test

const serverVariable = "CITYGAUGE_TEST_COLLECTOR"

func collectUntilKilled() int { return 0 }
