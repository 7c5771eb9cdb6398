"""The tests; helpers shared by several folders are modules beside this one."""
