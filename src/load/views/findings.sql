create view main.findings as
select * exclude (n) from internal.findings;
