pytest_plugins = ["tests.browser", "tests.marks"]
