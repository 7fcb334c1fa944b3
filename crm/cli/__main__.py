from crm.cli.root import main

main()
